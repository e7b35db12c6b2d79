using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>Throws inside contexts what was thrown elsewhere, so that they handle it.</summary>
internal readonly struct Rethrow(Exception exception) : ICall
{
    public void Invoke() => ExceptionDispatchInfo.Throw(exception);
}
