using System.Text;
using Microsoft.AspNetCore.Http;

namespace ZmqLoop.Dashboard;

/// <summary>One file of the page, as it stands in the assembly.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">Its media type.</param>
internal sealed class PageFile(string name, string type)
{
    private const string Base = "{{base}}";

    private readonly Lazy<string> _text = new(() => Read(name));

    public string Name => name;

    /// <summary>Answers with the file. The page says where the others are, from where it was asked for.</summary>
    public Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = type;
        string text = _text.Value.Replace(Base, BaseOf(context.Request), StringComparison.Ordinal);
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>What a browser resolves from <c>/zmqloop</c> or <c>/zmqloop/</c>, behind whatever prefix.</summary>
    private static string BaseOf(HttpRequest request)
    {
        string path = request.Path.Value is { Length: > 0 } given ? given : request.PathBase.Value ?? "/";
        string last = path[(path.LastIndexOf('/') + 1)..];
        return last.Length == 0 ? "./" : $"./{Uri.EscapeDataString(last)}/";
    }

    private static string Read(string name)
    {
        using Stream stream = typeof(PageFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
