using Wharf.Grains.Fields;
using Wharf.Plugins;
using Wharf.Protocol;

namespace Wharf.Grains.Objects;

/// <summary>Named fields from a plugin's object.</summary>
internal sealed class FieldPublisher(LiveObject live, NodeObjects node) : IFieldPublisher
{
    private IFieldDirectoryGrain Directory => node.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);

    public async ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        var hold = live.References.Export(value);
        try
        {
            await Directory.SetAsync(new ScopeTicket(name).Canonical, hold.Reference, cancellationToken).ConfigureAwait(false);
        }
        catch (FaultException refused)
        {
            throw new PluginException((PluginStatus)refused.Fault.Code, refused.Message, refused);
        }
        finally
        {
            hold.Release();
        }
    }

    public async ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return await Directory.RemoveAsync(new ScopeTicket(name).Canonical, cancellationToken).ConfigureAwait(false);
    }
}
