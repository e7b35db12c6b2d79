using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>What decides about the requests of one domain and mechanism. Those that users give are asked in the contexts that they were
/// given in.</summary>
/// <param name="Ask">Puts the answer into the request; a context that consumes an exception leaves it without one.</param>
/// <param name="Original">The provider as it was given, for reports; or null.</param>
internal sealed record Provider(Func<Provider.PendingRequest, Task> Ask, Delegate? Original = null)
{
    public static Provider Of(Func<AuthenticationRequest, AuthenticationResult> provider) => new(
        StackContext.Wrap((PendingRequest pending) =>
        {
            pending.Result = provider(pending.Request);
            return Task.CompletedTask;
        }),
        provider);

    public static Provider Of(Func<AuthenticationRequest, Task<AuthenticationResult>> provider) => new(
        StackContext.Wrap(async (PendingRequest pending) =>
        {
            pending.Result = await provider(pending.Request);
        }),
        provider);

    public static Provider OfPasswords(IReadOnlyDictionary<string, string> passwords)
    {
        FrozenDictionary<string, byte[]> known = passwords.ToFrozenDictionary(static pair => pair.Key,
            static pair => Encoding.UTF8.GetBytes(pair.Value), StringComparer.Ordinal);
        return OfRule(request =>
        {
            if (!known.TryGetValue(request.Username, out byte[]? password)) return AuthenticationResult.Deny("Invalid username");
            return CryptographicOperations.FixedTimeEquals(request.Credentials[1], password) ? true
                : AuthenticationResult.Deny("Invalid password");
        });
    }

    public static Provider OfKeys(IEnumerable<byte[]> publicKeys)
    {
        FrozenSet<string> known = publicKeys.Select(static key => Z85.Encode(key)).ToFrozenSet(StringComparer.Ordinal);
        return OfRule(request => known.Contains(request.PublicKeyText) ? true : AuthenticationResult.Deny("Unknown key"));
    }

    public static Provider OfAnyone() => OfRule(static _ => true);

    private static Provider OfRule(Func<AuthenticationRequest, AuthenticationResult> rule) => new(pending =>
    {
        pending.Result = rule(pending.Request);
        return Task.CompletedTask;
    });

    public sealed class PendingRequest(AuthenticationRequest request)
    {
        public AuthenticationRequest Request => request;

        public AuthenticationResult? Result { get; set; }
    }
}
