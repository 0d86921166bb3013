namespace Wharf.Tables;

/// <summary>The metadata of a table.</summary>
/// <param name="Schema">
/// The Arrow schema as an encapsulated IPC message: <c>FF FF FF FF</c>, the length, the flatbuffer, padding; no end-of-stream marker.
/// </param>
/// <param name="Size">The number of rows.</param>
/// <param name="IsStatic">Whether the table never changes.</param>
public sealed record TableDescription(ReadOnlyMemory<byte> Schema, long Size, bool IsStatic = true);
