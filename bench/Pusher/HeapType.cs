using System.Globalization;
using System.Text;

namespace Wharf.Plugins.Pusher;

/// <summary>Returns the number of reachable bytes of the heap.</summary>
public sealed class HeapType() : FetchOnlyObjectType<HeapObject>("Heap")
{
    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) => ValueTask.FromResult<object>(new HeapObject());

    /// <inheritdoc/>
    protected override ValueTask<FetchResult> FetchAsync(HeapObject instance, Caller caller, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new FetchResult(Encoding.UTF8.GetBytes(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture)), []));
}

/// <summary>The object of the type, which has no state.</summary>
public sealed class HeapObject;
