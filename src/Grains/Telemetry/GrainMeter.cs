namespace Wharf.Grains.Telemetry;

/// <summary>The meter of the sessions, objects and tables of a node.</summary>
public static class GrainMeter
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Wharf.Grains";
}
