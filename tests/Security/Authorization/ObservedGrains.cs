using System.Collections.Concurrent;
using System.Text;
using Orleans;
using Orleans.Serialization;

namespace Wharf.Security.Authorization;

/// <summary>Records the markers that arrive at any grain, in an argument or in its key.</summary>
internal sealed class ObservedGrains(Serializer serializer) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<string, string> Reached = new(StringComparer.Ordinal);

    /// <summary>The first grain method that received a marker, or null.</summary>
    public static string? ReachedBy(Marker marker) => Reached.GetValueOrDefault(marker.Recognized);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        Record(context, Encoding.UTF8.GetBytes(context.TargetId.ToString()));
        for (int index = 0; index < context.Request.GetArgumentCount(); index++)
        {
            if (context.Request.GetArgument(index) is { } argument and not CancellationToken)
                Record(context, serializer.SerializeToArray(argument));
        }

        return context.Invoke();
    }

    private static void Record(IIncomingGrainCallContext context, byte[] bytes)
    {
        foreach (var recognized in Marker.Find(bytes))
            Reached.TryAdd(recognized, $"{context.InterfaceName}.{context.MethodName}");
    }
}
