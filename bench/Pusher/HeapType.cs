using System.Globalization;
using System.Text;

namespace Wharf.Plugins.Pusher;

/// <summary>Tells how many bytes of the heap are reachable.</summary>
public sealed class HeapType() : FetchOnlyObjectType<HeapObject>("Heap")
{
    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object>(new HeapObject());

    /// <inheritdoc/>
    protected override ValueTask<FetchResult> FetchAsync(HeapObject instance, Caller caller, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new FetchResult(Encoding.UTF8.GetBytes(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture)), []));
}

/// <summary>Stands for the heap.</summary>
public sealed class HeapObject;
