using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Wharf.Grains.Sessions;

/// <summary>What happened, kept for each follower until it has it. A follower that falls too far behind is dropped, and learns it when it comes back.</summary>
internal sealed class FeedLog<T>(int maxUnread, int maxFollowers)
{
    // So many items go into one answer.
    private const int Page = 1_000;

    private readonly Dictionary<string, Follower> _followers = [];

    public bool HasEnded { get; private set; }

    public bool HasFollowers => _followers.Count > 0;

    public bool Follows(string follower) => _followers.ContainsKey(follower);

    /// <summary>Adds a follower.</summary>
    /// <param name="follower">Who.</param>
    /// <param name="first">What is there already; it may be more than a follower may be behind.</param>
    /// <param name="now">When it came.</param>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: there are too many.</exception>
    public void Add(string follower, IEnumerable<T> first, DateTimeOffset now)
    {
        if (_followers.Count >= maxFollowers)
            throw new FaultException(FaultCode.ResourceExhausted, $"A session has at most {maxFollowers} followers");
        var added = new Follower(first) { LastSeen = now };
        added.Capacity = Math.Max(maxUnread, added.Unread.Count + maxUnread);
        _followers.Add(follower, added);
    }

    public void Remove(string follower) => _followers.Remove(follower);

    public void Append(T item)
    {
        foreach (var follower in _followers.Keys)
            Append(follower, item);
    }

    /// <summary>Appends for one follower.</summary>
    public void Append(string follower, T item)
    {
        if (!_followers.TryGetValue(follower, out var log) || log.IsTooSlow)
            return;
        log.Unread.Enqueue(item);
        log.IsTooSlow = log.Unread.Count > log.Capacity;
        if (log.IsTooSlow)
            log.Unread.Clear();
    }

    /// <summary>Nothing more comes.</summary>
    public void End() => HasEnded = true;

    /// <summary>Drops followers that have not asked for a time: they vanished without a word.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var (name, _) in _followers.Where(follower => follower.Value.LastSeen < before).ToArray())
            _followers.Remove(name);
    }

    /// <summary>Reads on.</summary>
    /// <param name="follower">Who.</param>
    /// <param name="cursor">How many items it has.</param>
    /// <param name="now">When it asks.</param>
    /// <returns>Further items and whether they are the last; null when there is nothing to say yet.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: it fell too far behind.</exception>
    public FeedPage<T>? Read(string follower, long cursor, DateTimeOffset now)
    {
        if (!_followers.TryGetValue(follower, out var log) || log.IsTooSlow || cursor < log.First || cursor > log.First + log.Unread.Count)
        {
            _followers.Remove(follower);
            throw new FaultException(FaultCode.ResourceExhausted, "The subscriber is too slow");
        }

        log.LastSeen = now;
        for (; log.First < cursor; log.First++)
            log.Unread.Dequeue();
        if (log.Unread.Count == 0)
            return HasEnded ? new FeedPage<T>([], IsLast: true) : null;
        return new FeedPage<T>([.. log.Unread.Take(Page)], IsLast: HasEnded && log.Unread.Count <= Page);
    }

    private sealed class Follower(IEnumerable<T> first)
    {
        public Queue<T> Unread { get; } = new(first);

        public long First { get; set; }

        public int Capacity { get; set; }

        public bool IsTooSlow { get; set; }

        public DateTimeOffset LastSeen { get; set; }
    }
}

/// <summary>Further items of a feed.</summary>
internal sealed record FeedPage<T>(ImmutableArray<T> Items, bool IsLast);
