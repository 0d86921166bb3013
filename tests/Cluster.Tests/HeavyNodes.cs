using Wharf.Client;

namespace Wharf.Cluster.Tests;

/// <summary>Two nodes, the second with objects whose handlers can be held up, and with others beside them.</summary>
public sealed class HeavyNodes : Nodes
{
    /// <summary>So many handlers are held up at once.</summary>
    public const int Count = 32;

    public HeavyNodes()
    {
        Name("gate", "Gate");
        Name("feed", "Feed");
        Name("concurrent", "ConcurrentHeavy");
        for (var n = 0; n < Count; n++)
            Name($"serial{n}", "SerialHeavy");
    }

    /// <summary>An object that serves one message at a time.</summary>
    public static TypedTicket Serial(int n) => ClusterCalls.Scope($"serial{n}", "SerialHeavy");

    /// <summary>One whose streams run side by side.</summary>
    public static TypedTicket Concurrent { get; } = ClusterCalls.Scope("concurrent", "ConcurrentHeavy");

    /// <summary>An echo on the same node.</summary>
    public static TypedTicket Echo { get; } = ClusterCalls.Scope("feed", "Feed");

    /// <summary>Where held up handlers are counted and let go.</summary>
    public static TypedTicket Gate { get; } = ClusterCalls.Scope("gate", "Gate");

    private void Name(string name, string type) => SettingsOfB[$"Wharf__Fields__{name}__Type"] = type;
}
