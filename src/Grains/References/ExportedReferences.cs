using System.Collections.Immutable;
using Wharf.Grains.Objects;

namespace Wharf.Grains.References;

/// <summary>The references of a message that a plugin sends, and the holds on their objects.</summary>
internal readonly record struct ExportedReferences(ImmutableArray<ObjectReference> References, ImmutableArray<ObjectHold> Holds)
{
    public static ExportedReferences None { get; } = new([], []);

    /// <summary>Releases the holds: the message was not sent.</summary>
    public void Release()
    {
        foreach (var hold in Holds)
            hold.Release();
    }
}
