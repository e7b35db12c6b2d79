using System.Collections.Concurrent;

namespace ZmqLoop.Streams;

public sealed partial class Authenticator
{
    private const int KeyLength = 32;
    private const string Version = "1.0";

    // After the envelope: version, request id, domain, address, routing id, mechanism; then the credentials.
    private const int FramesOfRequest = 6;

    private static readonly AuthenticationResult _busy = AuthenticationResult.Deny("Too many wait for the provider");

    private readonly Dictionary<(Provider Provider, string Domain), ProviderLimit> _limits = [];

    private async Task AnswerAsync(ZMQStream stream, Message message)
    {
        int start = EndOfEnvelope(message);
        if (message.Count - start < 2)
        {
            AuthenticatorLog.Ignored(_logger, message.Count);
            return; // without the request's id there is no answering it
        }

        if (Parse(message, start, out string problem) is not { } request)
        {
            Reply(stream, message, start, "400", problem); // first the answer, here as below: a log may throw
            AuthenticationMeter.Add(IOLoop, AuthenticationMeter.Malformed, null);
            AuthenticatorLog.Malformed(_logger, problem);
            return;
        }

        Provider? provider = null;
        AuthenticationResult? result;
        try
        {
            result = Judge(request, out provider);
            if (provider is not null) result = await AskAsync(stream, provider, request);
            Reply(stream, message, start, request, result);
        }
        catch (Exception exception)
        {
            // First the answer: a reporter may throw, and the connection must not wait for an answer until it gives up.
            Reply(stream, message, start, "500", "Internal error");
            AuthenticationMeter.Add(IOLoop, AuthenticationMeter.Failed, request.Mechanism);
            IOLoop.ReportException(exception, Origin(provider, request));
            return;
        }

        AuthenticationMeter.Add(IOLoop, Decision(result), request.Mechanism);
        Log(request, result);
    }

    private static string Decision(AuthenticationResult? result) =>
        result is null ? AuthenticationMeter.Failed
        : result.IsAllowed ? AuthenticationMeter.Allowed
        : ReferenceEquals(result, _busy) ? AuthenticationMeter.Busy : AuthenticationMeter.Denied;

    private CallbackOrigin Origin(Provider? provider, AuthenticationRequest request) =>
        new(CallbackKind.Stream, provider?.Original, this, request);

    /// <summary>What can be said without asking anybody.</summary>
    /// <param name="request">Who wants to come in.</param>
    /// <param name="provider">Whom to ask, where nothing can be said.</param>
    private AuthenticationResult? Judge(AuthenticationRequest request, out Provider? provider)
    {
        provider = null;
        if (_addresses.Deny(request.Address) is { } reason) return AuthenticationResult.Deny(reason);
        switch (request.Mechanism)
        {
            case "NULL" or "GSSAPI": // GSSAPI has been through its own service already
                return true;
            case "PLAIN" or "CURVE":
                provider = Find(request.Mechanism == "PLAIN" ? _plain : _curve, request.Domain);
                return provider is null ? AuthenticationResult.Deny("Nothing is configured for the domain") : null;
            default:
                return AuthenticationResult.Deny("Unknown mechanism");
        }
    }

    /// <summary>Asks a provider; one that a user gave not more at once than it may be asked.</summary>
    /// <returns>Null where a context consumed what it threw.</returns>
    private async Task<AuthenticationResult?> AskAsync(ZMQStream stream, Provider provider, AuthenticationRequest request)
    {
        Provider.PendingRequest pending = new(request);
        if (provider.Original is null)
        {
            await provider.Ask(pending);
            return pending.Result;
        }

        (Provider, string) key = (provider, request.Domain);
        if (!_limits.TryGetValue(key, out ProviderLimit? limit)) _limits.Add(key, limit = new ProviderLimit(IOLoop));
        if (limit.Enter(request.Address) is not { } entry) return _busy;
        TimeoutHandle timer = default;
        TimeSpan timeout = provider.Timeout ?? ProviderTimeout;
        TaskCompletionSource late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            if (!entry.IsIn.IsCompleted)
            {
                timer = IOLoop.CallLater(timeout, GiveUp);
                await await Task.WhenAny(entry.IsIn, late.Task);
                if (stream.IsClosed) return _busy; // which nobody hears
            }

            Task asked = Ask(provider, pending);
            if (timer.IsNone && !asked.IsCompleted) timer = IOLoop.CallLater(timeout, GiveUp);
            await await Task.WhenAny(asked, late.Task);
            return pending.Result;
        }
        finally
        {
            if (!timer.IsNone && !IOLoop.IsClosed) IOLoop.RemoveTimeout(timer);
            limit.Leave(entry);
            if (limit.IsEmpty) _limits.Remove(key);
        }

        void GiveUp() => late.TrySetException(new TimeoutException($"The provider did not answer within {timeout}."));
    }

    private static Provider? Find(ConcurrentDictionary<string, Provider> providers, string domain) =>
        providers.GetValueOrDefault(domain) ?? providers.GetValueOrDefault(AnyDomain);

    internal static int EndOfEnvelope(Message message)
    {
        for (int i = 0; i < message.Count; i++)
        {
            if (message[i].IsEmpty) return i + 1;
        }

        return message.Count;
    }

    private Task Ask(Provider provider, Provider.PendingRequest pending)
    {
        CallbackOrigin? outer = _callbacks.Enter(Origin(provider, pending.Request));
        try
        {
            return provider.Ask(pending);
        }
        finally
        {
            _callbacks.Exit(outer);
        }
    }

    internal static AuthenticationRequest? Parse(Message message, int start, out string problem)
    {
        problem = "";
        if (message[start].ToText() != Version) problem = "Invalid version";
        else if (message.Count - start < FramesOfRequest) problem = "Not enough frames";
        if (problem.Length > 0) return null;

        string mechanism = message[start + 5].ToText();
        byte[][] credentials = [.. message.Frames[(start + FramesOfRequest)..].ToArray().Select(static frame => frame.ToArray())];
        bool fit = mechanism switch
        {
            "NULL" => credentials.Length == 0,
            "PLAIN" => credentials.Length == 2,
            "CURVE" => credentials is [{ Length: KeyLength }],
            "GSSAPI" => credentials.Length == 1,
            _ => true,
        };
        if (!fit)
        {
            problem = "Invalid credentials";
            return null;
        }

        return new AuthenticationRequest(message[start + 2].ToText(), message[start + 3].ToText(), message[start + 4].ToArray(), mechanism,
            credentials);
    }

    private void Reply(ZMQStream stream, Message message, int start, AuthenticationRequest request, AuthenticationResult? result)
    {
        if (result is null) // the provider threw, and a context has consumed the exception
            Reply(stream, message, start, "500", "Internal error");
        else if (result.IsAllowed)
            Reply(stream, message, start, "200", result.Reason, result.UserId ?? UserIdOf(request), ZapMetadata.Encode(result.Metadata));
        else
            Reply(stream, message, start, ReferenceEquals(result, _busy) ? "300" : "400", result.Reason); // after 300 a client comes again
    }

    private void Log(AuthenticationRequest request, AuthenticationResult? result)
    {
        if (result is null) AuthenticatorLog.NoAnswer(_logger, request);
        else if (result.IsAllowed) AuthenticatorLog.Allowed(_logger, request);
        else AuthenticatorLog.Denied(_logger, request, EscapedText.Show(result.Reason)); // a provider may say the name in it
    }

    private static string UserIdOf(AuthenticationRequest request) => request.Mechanism switch
    {
        "CURVE" => request.PublicKeyText,
        "PLAIN" or "GSSAPI" => request.Username,
        _ => "anonymous",
    };

    private static void Reply(
        ZMQStream stream, Message message, int start, string status, string text, string userId = "", byte[]? metadata = null)
    {
        if (stream.IsClosed) return; // stopped meanwhile
        Message reply = new(message.Frames[..start]);
        reply.Append(Version).Append(message[start + 1]).Append(status).Append(text).Append(userId).Append(Frame.Own(metadata ?? []));
        stream.Send(reply);
    }
}
