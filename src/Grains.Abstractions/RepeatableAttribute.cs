namespace Wharf.Grains;

/// <summary>
/// Marks an idempotent call that may wait for a long time. When a node is lost, its callers cancel such calls at once, even those that another node would have
/// answered, and repeat them.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
