using System.Collections.Frozen;

namespace ZmqLoop.Streams;

/// <summary>What decides about the requests of one domain and mechanism. Those that users give are asked in the contexts that they were
/// given in.</summary>
/// <param name="Ask">Puts the answer into the request; a context that consumes an exception leaves it without one.</param>
/// <param name="Original">The provider as it was given, for reports; null for a rule, which answers at once.</param>
/// <param name="Timeout">How long it may take; null for what the authenticator says.</param>
internal sealed record Provider(Func<Provider.PendingRequest, Task> Ask, Delegate? Original = null, TimeSpan? Timeout = null)
{
    private const string Null = "The provider returned null, which is no answer: let it return true, false, "
        + "AuthenticationResult.Allow(…) or Deny(…).";

    public static Provider Of(Func<AuthenticationRequest, AuthenticationResult> provider, TimeSpan? timeout) => new(
        StackContext.Wrap((PendingRequest pending) =>
        {
            pending.Result = provider(pending.Request) ?? throw new InvalidOperationException(Null);
            return Task.CompletedTask;
        }),
        provider,
        timeout);

    public static Provider Of(Func<AuthenticationRequest, Task<AuthenticationResult>> provider, TimeSpan? timeout) => new(
        StackContext.Wrap(async (PendingRequest pending) =>
        {
            Task<AuthenticationResult> answer = provider(pending.Request) ?? throw new InvalidOperationException(Null);
            pending.Result = await answer ?? throw new InvalidOperationException(Null);
        }),
        provider,
        timeout);

    public static Provider OfPasswords(IReadOnlyDictionary<string, string> passwords)
    {
        Passwords known = new(passwords);
        return OfRule(request => known.Judge(request.Username, request.Credentials[1]));
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
