using Microsoft.AspNetCore.Routing;
using ZmqLoop.Dashboard;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the live page of ZmqLoop to an application of ASP.NET Core.</summary>
public static class ZmqLoopEndpointRouteBuilderExtensions
{
    /// <summary>Serves a live page of what ZmqLoop does in this process: loops, streams, queues, handlers, peers, and what is wrong. Below
    /// it, the same as JSON (<c>data</c>) and as server-sent events (<c>events</c>).</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="pattern">Where.</param>
    /// <returns>For <c>RequireAuthorization</c>, and whatever else endpoints take. Without an authorization policy it answers to this
    /// machine alone, and to all others with 403 and what to do.</returns>
    /// <remarks>Read-only. Nothing is looked at while nobody asks. docs/dashboard.md has the form of the JSON.</remarks>
    /// <example><code>
    /// using Microsoft.AspNetCore.Builder;
    ///
    /// WebApplication app = WebApplication.CreateSlimBuilder().Build();
    /// app.MapZmqLoop("/zmqloop"); // .RequireAuthorization("operators")
    /// </code></example>
    public static IEndpointConventionBuilder MapZmqLoop(this IEndpointRouteBuilder endpoints, string pattern = "/zmqloop")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        return new DashboardEndpoints(new SnapshotFeed(TimeProvider.System)).Map(endpoints, pattern);
    }
}
