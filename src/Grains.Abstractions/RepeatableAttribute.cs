namespace Wharf.Grains;

/// <summary>
/// Marks a call that does no harm when it is made again, and that may wait for long. Whoever loses a node gives such calls up at once, even if another node would have answered:
/// they are made again.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
