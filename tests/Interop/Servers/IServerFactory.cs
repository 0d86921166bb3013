namespace Wharf.Interop;

/// <summary>Starts servers of one kind.</summary>
public interface IServerFactory
{
    /// <summary>Starts a server.</summary>
    static abstract Task<IServerUnderTest> StartAsync(IReadOnlyDictionary<string, string?>? settings = null);
}
