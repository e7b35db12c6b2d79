using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Top;

/// <summary>Snapshots in a terminal, one after the other, until <c>q</c>. Loop's thread.</summary>
/// <param name="session">The run.</param>
/// <param name="client">Where they come from.</param>
/// <param name="interval">How long from one to the next.</param>
internal sealed class LiveView(Session session, SnapshotClient client, TimeSpan interval)
{
    private const double Patience = 2; // seconds without an answer, from which on that is told

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private JsonObject _snapshot = [];
    private string? _trouble; // why nothing is heard now
    private string? _past; // that nothing was heard before
    private double _heard; // when it was

    private IOLoop Loop => session.Loop;

    private double Silence => Loop.Time() - _heard;

    /// <exception cref="ToolException">Nobody answers the first time: most likely the address is wrong. Later it is waited
    /// for.</exception>
    public async Task RunAsync()
    {
        Hear(await client.ReadSnapshotAsync(session.Stopping));
        using Screen screen = new();
        Task quit = Screen.KeyAsync('q', 'Q');
        while (true)
        {
            Show();
            if (await Task.WhenAny(quit, Loop.Delay(interval, session.Stopping)) == quit) return;
            await LookAsync(quit);
        }
    }

    private async Task LookAsync(Task quit)
    {
        Task<JsonObject> reading = client.ReadSnapshotAsync(session.Stopping);
        while (await Task.WhenAny(quit, reading, Loop.Delay(_second, session.Stopping)) is var first && first != reading)
        {
            session.Stopping.ThrowIfCancellationRequested();
            if (first == quit) return;
            if (Silence < Patience + interval.TotalSeconds) continue;
            _trouble = "It does not answer.";
            Show();
        }

        try
        {
            Hear(await reading);
        }
        catch (ToolException exception)
        {
            _trouble = exception.Message;
        }
    }

    private void Hear(JsonObject snapshot)
    {
        if (_trouble is not null)
            _past = $"It answers again, since {Units.Time(TimeProvider.System.GetUtcNow())}; for {Units.Seconds(Silence)} it did not.";
        (_snapshot, _trouble, _heard) = (snapshot, null, Loop.Time());
    }

    private void Show() => Screen.Show(width => new Rows([.. Notes(), SnapshotView.Of(_snapshot, width)]));

    private IEnumerable<IRenderable> Notes()
    {
        yield return new Text($"{PrintableText.Of(client.Address)}, each {Units.Seconds(interval.TotalSeconds)}; q ends",
            new Style(Color.Grey));
        if (_past is not null) yield return new Text(_past, new Style(Color.Yellow));
        if (_trouble is null) yield break;
        string age = Units.Seconds(Math.Round(Silence));
        yield return new Text(PrintableText.Of($"{_trouble} What is below is {age} old."), new Style(Color.Red));
    }
}
