using System.Net;

namespace ZmqLoop.Streams;

/// <summary>How many are asked about at once in one domain: so many altogether, and so many from one place, which others overtake
/// meanwhile. Loop's thread.</summary>
internal sealed class ProviderLimit(IOLoop loop)
{
    public const int AtOnce = 64;
    public const int AtOnceFromOnePlace = 16;
    public const int WaitingFromOnePlace = 256; // more are told to come again
    public const int Waiting = 4096;

    private readonly Dictionary<string, (int Inside, int Waiting)> _places = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _line = [];
    private int _inside;

    /// <summary>Nobody is inside, and nobody waits.</summary>
    public bool IsEmpty => _places.Count == 0;

    /// <summary>Somebody comes.</summary>
    /// <returns>Null where the line is too long.</returns>
    public Entry? Enter(string address)
    {
        Entry entry = new(PlaceOf(address));
        (int inside, int waiting) = _places.GetValueOrDefault(entry.Place);
        if (HasRoomFor(inside))
        {
            Count(entry, inside, waiting);
            entry.LetIn();
            return entry;
        }

        if (waiting >= WaitingFromOnePlace || _line.Count >= Waiting) return null;
        _places[entry.Place] = (inside, waiting + 1);
        entry.Node = _line.AddLast(entry);
        return entry;
    }

    /// <summary>Somebody goes, be it out or out of the line; whoever has waited longest, and may, comes in.</summary>
    public void Leave(Entry entry)
    {
        (int inside, int waiting) = _places[entry.Place];
        if (entry.Node is { } node)
        {
            _line.Remove(node);
            waiting--;
        }
        else
        {
            _inside--;
            inside--;
        }

        if (inside + waiting == 0) _places.Remove(entry.Place);
        else _places[entry.Place] = (inside, waiting);
        if (entry.Node is null) LetNextIn();
    }

    /// <summary>An address, or what many addresses have in common where somebody can have any number of them.</summary>
    private static string PlaceOf(string address)
    {
        if (!AddressRule.TryParseAddress(address, out IPAddress ip, out _))
            return IpcPeer.TryParse(address, out IpcPeer? peer) ? $"uid {peer.Value.UserId}" : address;
        byte[] bytes = ip.GetAddressBytes();
        return bytes.Length == 16 ? Convert.ToHexString(bytes, 0, 8) : ip.ToString(); // of IPv6, everybody has a /64
    }

    private bool HasRoomFor(int insideFromPlace) => _inside < AtOnce && insideFromPlace < AtOnceFromOnePlace;

    private void LetNextIn()
    {
        for (LinkedListNode<Entry>? node = _line.First; node is not null; node = node.Next)
        {
            (int inside, int waiting) = _places[node.Value.Place];
            if (!HasRoomFor(inside)) continue;
            _line.Remove(node);
            node.Value.Node = null;
            Count(node.Value, inside, waiting - 1);
            loop.SpawnCallback(node.Value.LetIn); // by itself: a row of those that leave at once is no recursion
            return;
        }
    }

    private void Count(Entry entry, int inside, int waiting)
    {
        _inside++;
        _places[entry.Place] = (inside + 1, waiting);
    }

    public sealed class Entry(string place)
    {
        private readonly TaskCompletionSource _isIn = new();

        public string Place => place;

        public Task IsIn => _isIn.Task;

        /// <summary>The place in the line, while there.</summary>
        internal LinkedListNode<Entry>? Node { get; set; }

        internal void LetIn() => _isIn.SetResult();
    }
}
