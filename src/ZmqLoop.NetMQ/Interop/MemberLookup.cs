using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Interop;

/// <summary>Whether members that are reached behind the back of the compiler exist.</summary>
internal static class MemberLookup
{
    /// <param name="call">Calls the member on null: a member that was found complains of the null, one that was not is missing.</param>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever else it complains of, it is not the member that is expected.")]
    public static bool Exists(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (NullReferenceException)
        {
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
