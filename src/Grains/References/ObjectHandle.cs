using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Grains.References;

/// <summary>A handle of plugin code to another plugin object.</summary>
internal sealed class ObjectHandle(ReferenceMapper mapper, ObjectHold hold, bool isKept) : ServerObject(mapper, hold, isKept), IObjectReference
{
    /// <inheritdoc/>
    public async ValueTask<IObjectConnection> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var connection = new ObjectConnection(Mapper, Share());
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
