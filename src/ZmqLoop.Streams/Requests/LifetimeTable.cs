using System.Runtime.InteropServices;

namespace ZmqLoop.Streams;

/// <summary>The async handlers under way whose clients can call them off. Loop's thread.</summary>
internal sealed class LifetimeTable
{
    private readonly Dictionary<RequestKey, RequestLifetime> _lifetimes = [];

    public void Add(RequestLifetime lifetime)
    {
        ref RequestLifetime? last = ref CollectionsMarshal.GetValueRefOrAddDefault(_lifetimes, lifetime.Key, out _);
        lifetime.Earlier = last;
        last = lifetime;
    }

    public void Remove(RequestLifetime lifetime)
    {
        if (!_lifetimes.TryGetValue(lifetime.Key, out RequestLifetime? last)) return;
        if (last != lifetime)
        {
            while (last is not null && last.Earlier != lifetime) last = last.Earlier;
            if (last is not null) last.Earlier = lifetime.Earlier;
        }
        else if (lifetime.Earlier is { } earlier)
        {
            _lifetimes[lifetime.Key] = earlier;
        }
        else
        {
            _lifetimes.Remove(lifetime.Key);
        }
    }

    /// <returns>All of them: what one's end leads to may change what is here.</returns>
    public List<RequestLifetime> Find(RequestKey key)
    {
        List<RequestLifetime> found = [];
        for (RequestLifetime? one = _lifetimes.GetValueOrDefault(key); one is not null; one = one.Earlier) found.Add(one);
        return found;
    }
}
