using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Wharf.Grains.Tests.Names;

/// <summary>The outcome of a write.</summary>
public enum WriteOutcome
{
    /// <summary>The record is written.</summary>
    Done,

    /// <summary>The write fails, and the record is as before.</summary>
    Refused,

    /// <summary>The record is written, but the write fails.</summary>
    DoneWithoutAnswer,

    /// <summary>The write is done, and completes, when the test releases it.</summary>
    Late,
}

/// <summary>A storage in memory that keeps bytes, compares versions, and fails when the test asks for it.</summary>
public sealed class FaultyStorage : IGrainStorage, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly Dictionary<string, (byte[] Bytes, string ETag)> _records = [];
    private TaskCompletionSource _release = New();
    private int _last;

    /// <summary>Decides the outcome of a write of a record.</summary>
    public Func<string, WriteOutcome> Decide { get; set; } = static _ => WriteOutcome.Done;

    /// <summary>Decides whether a read of a record fails.</summary>
    public Func<string, bool> RefusesRead { get; set; } = static _ => false;

    /// <summary>The names and sizes of the records that were written.</summary>
    public List<(string Record, int Bytes)> Writes { get; } = [];

    /// <summary>The names of all records.</summary>
    public IReadOnlyList<string> Records
    {
        get
        {
            lock (_lock)
                return [.. _records.Keys.Order(StringComparer.Ordinal)];
        }
    }

    private Serializer Serializer => _services.GetRequiredService<Serializer>();

    /// <summary>Stores bytes under the name of a record.</summary>
    public void Put(string record, byte[] bytes)
    {
        lock (_lock)
            _records[record] = (bytes, NewTag());
    }

    /// <summary>Loses records.</summary>
    public void Lose(Func<string, bool> which)
    {
        lock (_lock)
        {
            foreach (var record in _records.Keys.Where(which).ToArray())
                _records.Remove(record);
        }
    }

    /// <summary>Copies all records.</summary>
    /// <returns>Restores the copy.</returns>
    public Action Save()
    {
        lock (_lock)
        {
            var copy = _records.ToArray();
            return () =>
            {
                lock (_lock)
                {
                    _records.Clear();
                    foreach (var (record, value) in copy)
                        _records[record] = value;
                }
            };
        }
    }

    /// <summary>Does the late writes.</summary>
    public void Release()
    {
        var release = _release;
        _release = New();
        release.SetResult();
    }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (RefusesRead(grainId.ToString()))
            throw new IOException("the storage refuses reads");
        lock (_lock)
        {
            var exists = _records.TryGetValue(grainId.ToString(), out var record);
            (grainState.RecordExists, grainState.ETag) = (exists, exists ? record.ETag : null);
            if (exists)
                grainState.State = Serializer.Deserialize<T>(record.Bytes);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var bytes = Serializer.SerializeToArray(grainState.State);
        await Task.Yield();
        var outcome = Decide(grainId.ToString());
        if (outcome == WriteOutcome.Refused)
            throw new IOException("the storage refuses writes");
        if (outcome == WriteOutcome.Late)
            await _release.Task;
        lock (_lock)
        {
            if ((_records.TryGetValue(grainId.ToString(), out var record) ? record.ETag : null) != grainState.ETag)
                throw new InconsistentStateException("the record has another version");
            _records[grainId.ToString()] = (bytes, NewTag());
            Writes.Add((grainId.ToString(), bytes.Length));
            if (outcome == WriteOutcome.DoneWithoutAnswer)
                throw new IOException("the storage does not answer");
            (grainState.ETag, grainState.RecordExists) = (_records[grainId.ToString()].ETag, true);
        }
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    public void Dispose() => _services.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private string NewTag() => (++_last).ToString(CultureInfo.InvariantCulture);
}
