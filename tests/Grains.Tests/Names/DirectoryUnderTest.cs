using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;
using Wharf.Grains.Fields;

namespace Wharf.Grains.Tests.Names;

/// <summary>The directory without its grain: an activation on a storage.</summary>
internal sealed class DirectoryUnderTest : IDisposable
{
    public const string First = "wharf.field-directory/fields";

    private DirectoryUnderTest(FaultyStorage storage, FakeTimeProvider time)
    {
        File = new FieldFile(new FieldRecords(storage, GrainId.Create("wharf.field-directory", "fields"), time), Makers, NullLogger.Instance);
        Writer = new FieldWriter(File, Table, () => Changes++, () => Replacements++, time, NullLogger.Instance);
        Reader = new FieldReader(File.Writer, Table, File.Pages);
    }

    public ObjectTypeOffers Makers { get; } = new();

    public FieldTable Table { get; } = new();

    public FieldFile File { get; }

    public FieldWriter Writer { get; }

    public FieldReader Reader { get; }

    public int Changes { get; private set; }

    public int Replacements { get; private set; }

    /// <summary>The variables and their objects.</summary>
    public SortedDictionary<string, string> Content =>
        new(Table.All.Where(static name => name.Object is not null).ToDictionary(static name => name.Ticket, static name => name.Object!.ObjectId), StringComparer.Ordinal);

    public static async Task<DirectoryUnderTest> StartAsync(FaultyStorage storage, FakeTimeProvider? time = null)
    {
        var directory = new DirectoryUnderTest(storage, time ?? new FakeTimeProvider());
        var version = await directory.File.LoadAsync(CancellationToken.None);
        directory.Table.Restore(directory.File.Pages.All.SelectMany(static page => page.Fields.Values), version);
        return directory;
    }

    /// <summary>Runs a test as a grain runs: one step at a time.</summary>
    public static Task RunAsync(Func<Task> test) =>
        Task.Factory.StartNew(test, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    public static StoredField Variable(string name, string objectId) => new(
        $"scope/{name}", new FieldDescription($"scope/{name}", "scope", "", name, FieldNames.ScopeDescription, new ObjectReference(objectId, ObjectKind.Table, "Table", 1)), null);

    public Task<(StoredField? Before, StoredField? After)> SetAsync(string name, string objectId) => Writer.ChangeAsync($"scope/{name}", _ => Variable(name, objectId));

    public Task<(StoredField? Before, StoredField? After)> RemoveAsync(string name) => Writer.ChangeAsync($"scope/{name}", static _ => null);

    /// <summary>Sets many variables at once.</summary>
    public Task FillAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => SetAsync($"filled{i}", "filler")));

    public void Dispose() => Writer.Dispose();
}
