using System.Buffers;
using Wharf.Grains;
using Wharf.Tables;

namespace Wharf.Gateway.Flight;

/// <summary>Allocates memory for uploaded batches. It is bounded, because a few compressed bytes can expand to any size.</summary>
/// <param name="charge">The charge that pays for it.</param>
internal sealed class UploadMemory(MemoryCharge? charge) : LastingMemory
{
    private long _left = int.MaxValue;

    /// <summary>Sets the maximum number of bytes for the next batch.</summary>
    public void Limit(long bytes) => _left = bytes;

    /// <inheritdoc/>
    protected override IMemoryOwner<byte> AllocateInternal(int length, out int bytesAllocated)
    {
        _left -= length;
        if (_left >= 0)
            charge?.Add(length);
        return _left >= 0
            ? base.AllocateInternal(length, out bytesAllocated)
            : throw new FaultException(FaultCode.ResourceExhausted, "A batch of the upload is too large when it is decompressed; send smaller batches");
    }
}
