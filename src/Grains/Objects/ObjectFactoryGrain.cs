using Microsoft.Extensions.Configuration;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Wharf.Grains.Placement;
using Wharf.Plugins.Hosting;

namespace Wharf.Grains.Objects;

/// <summary>Creates named objects on the node that its key names, or on the node of the caller.</summary>
[GrainType("wharf.object-factory")]
[OwnSiloPlacement]
[GrainDirectory(OwnSiloDirectory.Name)]
[Reentrant]
internal sealed class ObjectFactoryGrain(ObjectTypeRegistry types, NodeObjects node, NodeIdentity identity) : Grain, IObjectFactoryGrain
{
    /// <inheritdoc/>
    public async Task<ObjectReference> CreateAsync(string holder, IReadOnlyDictionary<string, string?> arguments, CancellationToken cancellationToken = default)
    {
        var key = this.GetPrimaryKeyString().Split('|', 2);
        if (key.Length == 2 && ObjectId.TryParse(key[0], out var asked) && !asked.Silo.Equals(identity.Silo))
        {
            DeactivateOnIdle();
            throw new FaultException(FaultCode.Unavailable, "the node that was to create the object is lost");
        }

        var name = key[^1];
        if (!types.TryGet(name, out var type))
            throw new FaultException(FaultCode.NotFound, $"there is no object type '{name}'");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(arguments).Build();
        var live = node.Live.New(type, arguments.Count == 0 ? null : configuration, holder, node);
        var turn = new PostTurn(
            live,
            async token =>
            {
                var instance = await type.Type.CreateAsync(live.Context, token);
                if (instance is null || !type.Type.IsType(instance))
                    throw new InvalidOperationException($"the type {type.Name} created an object that is not of that type");
                node.Live.Begin(live, instance);
            },
            CancellationToken.None);
        live.Turns.Enqueue(turn);
        try
        {
            await turn.Task.WaitAsync(GrainLimits.LongestWait, node.Time, cancellationToken);
            return live.Reference;
        }
        catch (TimeoutException) when (!turn.Task.IsCompleted)
        {
            live.End();
            throw new FaultException(
                FaultCode.InvalidArgument,
                $"an object of type {name} could not be created: it was not ready after {GrainLimits.LongestWait.TotalSeconds:0.###} seconds");
        }
        catch (Exception failed)
        {
            live.End();
            throw new FaultException(FaultCode.InvalidArgument, $"an object of type {name} could not be created: {PluginGuard.TextOf(failed)}");
        }
    }
}
