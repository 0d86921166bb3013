using Wharf.Grains.Fields;
using Wharf.Plugins;
using Wharf.Plugins.Hosting;
using Wharf.Protocol;

namespace Wharf.Grains.Objects;

/// <summary>Represents the program as an object of its node, which has no streams and is held until the node stops.</summary>
internal sealed class ProgramObjects(NodeObjects node, ObjectTypeRegistry types) : IProgramObjects
{
    private readonly Lazy<LiveObject> _self = new(() =>
    {
        var self = node.Live.New(null, null, node.Holds.NewName(), node);
        node.Live.Begin(self, new Program());
        return self;
    });

    private FieldPublisher Fields => new(_self.Value, node, FieldOwners.OfProgram);

    public ITableFactory Tables => _self.Value.Context.Tables;

    public ValueTask SetAsync(string name, object value, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        if (value is not IServerObject && types.Find(value) is null)
            throw new ArgumentException($"no object type recognizes a {value.GetType()}; register one for it before the server starts", nameof(value));
        return Fields.SetAsync(name, value, cancellationToken);
    }

    public ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default) => Fields.RemoveAsync(name, cancellationToken);

    public async ValueTask<object?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var directory = node.Grains.GetGrain<IFieldDirectoryGrain>(IFieldDirectoryGrain.Key);
        return await directory.LookupAsync(new ScopeTicket(name).Canonical, cancellationToken).ConfigureAwait(false) is { Kind: ObjectKind.PluginObject } reference
            ? node.Live.Find(reference.ObjectId)?.InstanceOrNull
            : null;
    }

    private sealed class Program;
}
