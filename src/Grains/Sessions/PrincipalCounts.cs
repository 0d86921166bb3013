namespace Wharf.Grains.Sessions;

/// <summary>Counts the items of one kind for each principal of this silo. Thread-safe.</summary>
internal sealed class PrincipalCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byPrincipal = new(StringComparer.Ordinal);

    /// <summary>Adds an item.</summary>
    /// <returns>False if the principal has the maximum number.</returns>
    public bool TryEnter(string principal, int most)
    {
        lock (_lock)
        {
            var count = _byPrincipal.GetValueOrDefault(principal);
            if (count >= most)
                return false;
            _byPrincipal[principal] = count + 1;
            return true;
        }
    }

    /// <summary>Removes items.</summary>
    public void Leave(string principal, int places)
    {
        if (places == 0)
            return;
        lock (_lock)
        {
            var count = _byPrincipal[principal] - places;
            if (count == 0)
                _byPrincipal.Remove(principal);
            else
                _byPrincipal[principal] = count;
        }
    }

    /// <summary>Returns the number of items of a principal.</summary>
    public int Of(string principal)
    {
        lock (_lock)
            return _byPrincipal.GetValueOrDefault(principal);
    }
}
