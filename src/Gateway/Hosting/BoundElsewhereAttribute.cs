namespace Wharf.Gateway.Hosting;

/// <summary>Names the methods of a service that another provider binds.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BoundElsewhereAttribute(params string[] methods) : Attribute
{
    /// <summary>The methods.</summary>
    public IReadOnlyList<string> Methods { get; } = methods;
}
