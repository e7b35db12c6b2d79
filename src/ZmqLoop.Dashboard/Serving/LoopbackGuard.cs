using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace ZmqLoop.Dashboard;

/// <summary>Who may look: whoever the endpoint's authorization lets in; where it has none, who asks from this machine, by a name of this
/// machine, and not in the place of somebody else.</summary>
internal static class LoopbackGuard
{
    private const string WhatToDo = """
        It tells of a service what is nobody's business. So without an authorization policy it is only served to this machine itself.
        Give the endpoint a policy:

            app.MapZmqLoop("/zmqloop").RequireAuthorization("operators");

        or look at it from the machine itself, such as through a tunnel: ssh -L 5080:localhost:5080 that-machine
        """;

    private static readonly string[] _forwarding =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "X-Original-For", "X-Original-Host"];

    private static readonly string[] _proxies = ["Forwarded", "Via"]; // whatever they say

    /// <summary>Why a request is refused, and what to do; null where it is not.</summary>
    public static string? Refusal(HttpContext context)
    {
        if (HasPolicy(context.GetEndpoint())) return null;
        string? reason = Reason(context);
        return reason is null ? null : $"ZmqLoop's dashboard is not shown here: {reason}.{Environment.NewLine}{WhatToDo}";
    }

    private static bool HasPolicy(Endpoint? endpoint) => endpoint?.Metadata is { } metadata
        && metadata.GetMetadata<IAllowAnonymous>() is null
        && (metadata.GetMetadata<IAuthorizeData>() is not null || metadata.GetMetadata<AuthorizationPolicy>() is not null);

    private static string? Reason(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "it cannot be seen where the request comes from";
        if (!IsLoopback(address)) return $"the request comes from {address}";
        if (!IsThisMachine(context.Request.Host)) return $"the request was for another name than localhost";
        if (HttpProtocol.IsHttp10(context.Request.Protocol))
            return "the request is HTTP/1.0, as that of a proxy which does not say for whom it asks";
        IHeaderDictionary headers = context.Request.Headers;
        if (!headers.Origin.All(IsPageOfThisMachine)) return "a page of another site asks for it (Origin)"; // and CORS may let it read
        foreach (string name in _forwarding)
        {
            if (!headers[name].All(AreThisMachine)) return $"the request was forwarded for somebody else ({name})";
        }

        return _proxies.FirstOrDefault(name => headers[name].Count > 0) is { } proxy ? $"the request was forwarded ({proxy})" : null;
    }

    private static bool IsPageOfThisMachine(string? origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && IsThisMachine(new HostString(page.Authority));

    private static bool AreThisMachine(string? names) =>
        (names ?? "").Split(',', StringSplitOptions.TrimEntries).All(static name => IsThisMachine(new HostString(name)));

    private static bool IsThisMachine(HostString host) => host.HasValue && host.Host.Trim('[', ']') is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out IPAddress? address)
            && IsLoopback(address)));

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
