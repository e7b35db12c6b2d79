using Microsoft.Extensions.DependencyInjection;
using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Makes a handler in a scope of its own, for each message.</summary>
internal sealed class ScopedHandler<THandler> where THandler : class
{
    private readonly IServiceScopeFactory _scopes;
    private readonly Type _type;

    private ScopedHandler(IServiceScopeFactory scopes, Type type)
    {
        _scopes = scopes;
        _type = type;
    }

    public static ScopedHandler<THandler> Of<TClass>(IServiceProvider provider) where TClass : class, THandler =>
        new(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TClass));

    /// <summary>Makes one, and throws it away.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made, or thrown away.</exception>
    public async Task TryAsync(string of)
    {
        string what = "made";
        try
        {
            await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
            scope.ServiceProvider.GetRequiredService(_type);
            what = "disposed of";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            string advice = exception is InvalidOperationException && what == "made"
                ? $" Add what is missing to the services. {Names()}" : "";
            throw new InvalidOperationException(
                $"{of} has the handler {_type.Name}, which cannot be {what}: {exception.Message}{advice}", exception);
        }
    }

    /// <summary>What a class may ask for by [FromKeyedServices], where one of these is misspelled.</summary>
    private string Names()
    {
        using IServiceScope scope = _scopes.CreateScope();
        return "By name there are "
            + string.Join(", ", scope.ServiceProvider.GetServices<HostedSocket>().Select(static socket => $"{socket}")) + ".";
    }

    public async Task CallAsync(Func<THandler, Task> call)
    {
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        await (call((THandler)scope.ServiceProvider.GetRequiredService(_type)) ?? Task.CompletedTask);
    }

    public async Task<TAnswer> AnswerAsync<TAnswer>(Func<THandler, Task<TAnswer>?> call)
    {
        await using AsyncServiceScope scope = _scopes.CreateAsyncScope();
        return await (call((THandler)scope.ServiceProvider.GetRequiredService(_type))
            ?? throw new RemoteException("The handler gave no answer."));
    }
}
