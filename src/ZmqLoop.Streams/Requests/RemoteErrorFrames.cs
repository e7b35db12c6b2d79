namespace ZmqLoop.Streams;

/// <summary>An answer that is an error: three frames, <c>error</c>, the code, and the message.</summary>
internal static class RemoteErrorFrames
{
    /// <summary>How many.</summary>
    public const int Frames = 3;

    private const string Mark = "error";
    private const int MostCharacters = 2000;

    public static Frame[] Write(RemoteException error) => [Mark, Cut(error.Code), Cut(error.Message)];

    public static RemoteException Read(ReadOnlySpan<Frame> body) => body.Length >= Frames
        ? new RemoteException(EscapedText.Line(body[1], MostCharacters), EscapedText.Line(body[2], MostCharacters)) { IsReceived = true }
        : new RemoteException("The server answered with an error that it says nothing of.") { IsReceived = true };

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
}
