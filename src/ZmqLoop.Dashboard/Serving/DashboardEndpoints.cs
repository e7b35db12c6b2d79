using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ZmqLoop.Dashboard;

/// <summary>The routes: the page and its files, <c>data</c> and <c>events</c>. All are only to be read.</summary>
internal sealed class DashboardEndpoints
{
    private const int MostListeners = 32;
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10); // with who does not take what was sent
    private static readonly string[] _methods = [HttpMethods.Get, HttpMethods.Head];
    private static readonly PageFile _page = new("page.html", "text/html; charset=utf-8");
    private static readonly PageFile[] _files =
    [
        new("page.css", "text/css; charset=utf-8"),
        new("page.js", "text/javascript; charset=utf-8"),
        new("text.js", "text/javascript; charset=utf-8"),
        new("icon.svg", "image/svg+xml"),
    ];

    private readonly SnapshotFeed _feed;

    public DashboardEndpoints(SnapshotFeed feed) => _feed = feed;

    /// <summary>Adds them below a pattern.</summary>
    public RouteGroupBuilder Map(IEndpointRouteBuilder endpoints, string pattern)
    {
        RouteGroupBuilder group = endpoints.MapGroup(pattern);
        Add(group, "", _page.WriteAsync);
        foreach (PageFile file in _files) Add(group, file.Name, file.WriteAsync);
        Add(group, "data", WriteDataAsync);
        Add(group, "events", WriteEventsAsync);
        return group;
    }

    /// <summary>What an application does to all its endpoints is not for these: a cache would answer whom the guard refuses, and a time
    /// limit would end what is sent for as long as somebody looks.</summary>
    private static void Add(RouteGroupBuilder group, string pattern, RequestDelegate answer) =>
        group.MapMethods(pattern, _methods, context => AnswerAsync(context, answer))
            .WithDisplayName($"ZmqLoop dashboard {pattern}".TrimEnd()).ExcludeFromDescription()
            .CacheOutput(static policy => policy.NoCache()).DisableRequestTimeout();

    private static Task AnswerAsync(HttpContext context, RequestDelegate answer)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return LoopbackGuard.Refusal(context) is { } refusal
            ? RefuseAsync(context, StatusCodes.Status403Forbidden, refusal) : answer(context);
    }

    private static Task RefuseAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + Environment.NewLine, context.RequestAborted);
    }

    private static bool TryParse(HttpContext context, out SnapshotQuery query, out string error) =>
        SnapshotQuery.TryParse(context.Request.Query["streams"], context.Request.Query["filter"], out query, out error);

    private async Task WriteDataAsync(HttpContext context)
    {
        if (!TryParse(context, out SnapshotQuery query, out string error))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.Body.WriteAsync(_feed.Get(query), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task WriteEventsAsync(HttpContext context)
    {
        if (!TryParse(context, out SnapshotQuery query, out string error))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, error).ConfigureAwait(false);
            return;
        }

        if (_feed.Listeners >= MostListeners)
        {
            context.Response.Headers.RetryAfter = "10";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{MostListeners} listen already.").ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (HttpMethods.IsHead(context.Request.Method)) return;
        CancellationToken stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await SendAsync(context.Response, query, end).ConfigureAwait(false);
    }

    private async Task SendAsync(HttpResponse response, SnapshotQuery query, CancellationTokenSource end)
    {
        try
        {
            await foreach (byte[] snapshot in _feed.ListenAsync(query, end.Token).ConfigureAwait(false))
            {
                end.CancelAfter(_patience);
                await response.Body.WriteAsync("data: "u8.ToArray(), end.Token).ConfigureAwait(false);
                await response.Body.WriteAsync(snapshot, end.Token).ConfigureAwait(false);
                await response.Body.WriteAsync("\n\n"u8.ToArray(), end.Token).ConfigureAwait(false);
                await response.Body.FlushAsync(end.Token).ConfigureAwait(false);
                end.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client has gone, or reads no more and would keep its place from others, or the application stops.
        }
    }
}
