using System.Buffers;
using Apache.Arrow.Memory;

namespace Wharf.Gateway.Flight;

/// <summary>
/// Allocates managed memory that stays valid after its owner is disposed. Arrow releases the memory of computed buffers after it has written or read a batch, while frames and
/// dictionaries still refer to it.
/// </summary>
internal class LastingMemory : MemoryAllocator
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
