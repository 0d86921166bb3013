namespace Wharf.Security;

/// <summary>The tests that measure the whole process: no other test runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RunsAlone
{
    /// <summary>The name of the collection.</summary>
    public const string Name = "runs alone";
}
