using System.Collections.Immutable;
using Wharf.Grains.Objects;

namespace Wharf.Grains.References;

/// <summary>What a plugin sends along with a message, held.</summary>
internal readonly record struct ExportedReferences(ImmutableArray<ObjectReference> References, ImmutableArray<ObjectHold> Holds)
{
    public static ExportedReferences None { get; } = new([], []);

    /// <summary>Lets go: the message was not sent.</summary>
    public void Release()
    {
        foreach (var hold in Holds)
            hold.Release();
    }
}
