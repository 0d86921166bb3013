namespace Wharf.Grains.Telemetry;

/// <summary>The meter of what lives on a node.</summary>
public static class GrainMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Wharf.Grains";
}
