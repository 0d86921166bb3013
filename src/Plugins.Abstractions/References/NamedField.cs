namespace Wharf.Plugins;

/// <summary>A named field in the list of <see cref="IFieldPublisher.ListAsync"/>.</summary>
/// <param name="Name">The name for <see cref="IFieldPublisher.FindAsync"/>: a scope variable, or <c>app/{application}/field/{field}</c>.</param>
/// <param name="Type">The type of its object: the name of an object type, <c>Table</c>, or empty for an object that no type recognizes.</param>
public sealed record NamedField(string Name, string Type);
