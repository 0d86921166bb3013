namespace Wharf.Interop;

/// <summary>A server for the clients of a test.</summary>
public interface IServerUnderTest : IAsyncDisposable
{
    /// <summary>The port that clients connect to.</summary>
    int Port { get; }
}
