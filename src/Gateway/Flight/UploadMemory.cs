using System.Buffers;
using Apache.Arrow.Memory;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>Memory for uploaded batches. It is bounded, because a few compressed bytes can promise any number of them.</summary>
internal sealed class UploadMemory : MemoryAllocator
{
    private long _left = int.MaxValue;

    /// <summary>Sets how many bytes the next batch may take.</summary>
    public void Limit(long bytes) => _left = bytes;

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        _left -= length;
        if (_left < 0)
            throw new FaultException(FaultCode.ResourceExhausted, "A batch of the upload is too large when it is decompressed; send smaller batches");
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
