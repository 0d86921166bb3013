using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Wharf.Grains.Sessions;

/// <summary>A log with a queue of unread items for each follower. A follower with too many unread items is dropped; its next call fails.</summary>
internal sealed class FeedLog<T>(int maxUnread, int maxFollowers)
{
    // The maximum number of items in one answer.
    private const int Page = 1_000;

    private readonly Dictionary<string, Follower> _followers = [];

    public bool HasEnded { get; private set; }

    public bool HasFollowers => _followers.Count > 0;

    public bool HasFollower(string follower) => _followers.ContainsKey(follower);

    /// <summary>Adds a follower.</summary>
    /// <param name="follower">The name of the follower.</param>
    /// <param name="first">The initial items, which may exceed the limit of unread items.</param>
    /// <param name="now">The current time.</param>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: there are too many followers.</exception>
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

    /// <summary>Appends an item for one follower.</summary>
    public void Append(string follower, T item)
    {
        if (!_followers.TryGetValue(follower, out var log) || log.IsTooSlow)
            return;
        log.Unread.Enqueue(item);
        log.IsTooSlow = log.Unread.Count > log.Capacity;
        if (log.IsTooSlow)
            log.Unread.Clear();
    }

    /// <summary>Ends the log: no more items follow.</summary>
    public void End() => HasEnded = true;

    /// <summary>Removes followers without a call since a time.</summary>
    public void RemoveIdle(DateTimeOffset before)
    {
        foreach (var (name, _) in _followers.Where(follower => follower.Value.LastSeen < before).ToArray())
            _followers.Remove(name);
    }

    /// <summary>Reads the next items.</summary>
    /// <param name="follower">The name of the follower.</param>
    /// <param name="cursor">The number of items that the follower has.</param>
    /// <param name="now">The current time.</param>
    /// <returns>The next items and whether they are the last; null if there are none yet.</returns>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: the follower had too many unread items.</exception>
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

/// <summary>The next items of a feed.</summary>
internal sealed record FeedPage<T>(ImmutableArray<T> Items, bool IsLast);
