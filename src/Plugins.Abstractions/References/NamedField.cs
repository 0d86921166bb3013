namespace Wharf.Plugins;

/// <summary>A named field as <see cref="IFieldPublisher.ListAsync"/> lists it.</summary>
/// <param name="Name">The name for <see cref="IFieldPublisher.FindAsync"/>: that of a scope variable, or <c>app/{application}/field/{field}</c>.</param>
/// <param name="Type">The type of the object that it has: the name of an object type, <c>Table</c>, or empty for an object that no type recognizes.</param>
public sealed record NamedField(string Name, string Type);
