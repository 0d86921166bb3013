namespace Wharf.Grains.Sessions;

/// <summary>Counts what the principals of this silo have of one kind. Thread-safe.</summary>
internal sealed class PrincipalCounts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _byPrincipal = new(StringComparer.Ordinal);

    /// <summary>Takes a place.</summary>
    /// <returns>False when the principal has the maximum already.</returns>
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

    /// <summary>Returns places.</summary>
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

    /// <summary>The number of places that a principal has.</summary>
    public int Of(string principal)
    {
        lock (_lock)
            return _byPrincipal.GetValueOrDefault(principal);
    }
}
