using System.Collections.Immutable;
using Orleans;
using Wharf.Grains;
using Wharf.Grains.Objects;

namespace Wharf.Gateway.Sessions;

/// <summary>The objects that a call uses, held until it is disposed.</summary>
internal sealed class HeldObjects(IGrainFactory grains, ImmutableArray<ObjectReference> references, string holder) : IAsyncDisposable
{
    /// <summary>The objects, in the order of the tickets.</summary>
    public ImmutableArray<ObjectReference> References { get; } = references;

    /// <summary>The holder.</summary>
    public string Holder => holder;

    /// <summary>Releases the objects. On a node that cannot be reached, the lease of the holder expires.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var reference in References)
        {
            if (!reference.IsLive)
                continue;
            try
            {
                await grains.GetHeld(reference).LetGoAsync(holder, CancellationToken.None);
            }
            catch (Exception)
            {
                // The lease expires.
            }
        }
    }
}

/// <summary>Returns the grains of references.</summary>
internal static class ObjectGrains
{
    /// <summary>Returns the grain of a live object.</summary>
    public static IHeldGrain GetHeld(this IGrainFactory grains, ObjectReference reference) => reference.Kind == ObjectKind.Table
        ? grains.GetGrain<Grains.Tables.ITableGrain>(reference.ObjectId)
        : grains.GetGrain<IPluginObjectGrain>(reference.ObjectId);
}
