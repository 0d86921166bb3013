namespace Wharf.Conformance.Tests;

/// <summary>The smallest upload there is.</summary>
internal static class EmptySchema
{
    /// <summary>An Arrow message (version V5) with a schema that has no columns, as Flight carries it.</summary>
    public static byte[] Message { get; } = Convert.FromBase64String("EAAAAAAACgAMAAYABQAIAAoAAAAAAQQADAAAAAgACAAAAAQACAAAAAQAAAAAAAAA");
}
