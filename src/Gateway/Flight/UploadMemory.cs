using System.Buffers;
using Wharf.Grains;

namespace Wharf.Gateway.Flight;

/// <summary>Memory for uploaded batches. It is bounded, because a few compressed bytes can expand to any size.</summary>
internal sealed class UploadMemory : LastingMemory
{
    private long _left = int.MaxValue;

    /// <summary>Sets the maximum number of bytes for the next batch.</summary>
    public void Limit(long bytes) => _left = bytes;

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        _left -= length;
        return _left >= 0
            ? base.AllocateInternal(length, out bytesAllocated)
            : throw new FaultException(FaultCode.ResourceExhausted, "A batch of the upload is too large when it is decompressed; send smaller batches");
    }
}
