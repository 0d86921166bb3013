namespace Wharf.Plugins.Hosting;

/// <summary>
/// Replaces threads of the .NET thread pool that handlers block. The size of the thread pool belongs to the process, so only its executable implements this interface. Without an
/// implementation, the thread pool adds a thread when it detects that its work makes no progress.
/// </summary>
public interface IThreadReplacement
{
    /// <summary>Adds a thread for one that is blocked.</summary>
    void Add();

    /// <summary>Removes a thread after a blocked one has returned.</summary>
    void Remove();
}
