namespace Wharf.Plugins;

/// <summary>Named fields from plugin code: what is put here, every session of the cluster can open by name.</summary>
public interface IFieldPublisher
{
    /// <summary>Puts an object into the scope variable of a name, over whatever was there.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">As a reference in <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>; not null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Completes when every session can see it.</returns>
    ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default);

    /// <summary>Takes the scope variable of a name away.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True when there was one.</returns>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);
}
