using System.Buffers;
using Apache.Arrow.Memory;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Memory for what Arrow's writer must compute anew (offsets and bitmaps of a slice). The writer gives it back as soon as it has written; a frame still points at it, so it
/// stays until nobody does.
/// </summary>
internal sealed class LastingMemory : MemoryAllocator
{
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        bytesAllocated = length;
        return new Owner(new byte[length]);
    }

    private sealed class Owner(byte[] bytes) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory => bytes;

        public void Dispose()
        {
        }
    }
}
