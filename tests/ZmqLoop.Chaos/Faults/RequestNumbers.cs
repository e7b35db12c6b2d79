using System.Collections;
using System.Globalization;

namespace ZmqLoop.Chaos.Faults;

/// <summary>Which requests there were, of each client: a bit for each, since there are millions, and what they take is not to be mistaken
/// for what the library keeps.</summary>
internal sealed class RequestNumbers
{
    private readonly Dictionary<string, Asked> _clients = [];

    public long Count => _clients.Values.Sum(static asked => asked.Count);

    /// <param name="request">A client's name, a space, and a number.</param>
    /// <returns>False where it was there already.</returns>
    public bool Add(string request)
    {
        string[] words = request.Split(' ');
        if (!_clients.TryGetValue(words[0], out Asked? asked)) _clients.Add(words[0], asked = new Asked());
        return asked.Add(int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>How many of one client's there were.</summary>
    public long CountOf(string client) => _clients.TryGetValue(client, out Asked? asked) ? asked.Count : 0;

    private sealed class Asked
    {
        private readonly BitArray _numbers = new(1024);

        public long Count { get; private set; }

        public bool Add(int number)
        {
            if (number >= _numbers.Length) _numbers.Length = Math.Max(number + 1, _numbers.Length * 2);
            if (_numbers[number]) return false;
            _numbers[number] = true;
            Count++;
            return true;
        }
    }
}
