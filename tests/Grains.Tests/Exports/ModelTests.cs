using CsCheck;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

/// <summary>Whatever is done to a session's exports, in whatever order: the table and the plain model agree on every state, every refusal and every hold.</summary>
public sealed class ModelTests
{
    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Select(Gen.Int[-1, 6], Gen.Int[-1, 6].Array[0, 3], (id, sources) => (Step)new DefineStep(id == 0 ? 6 : id, sources)),
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 6].Array[0, 2], (id, sources) => (Step)new DefineStep(id, sources)),
        Gen.Int[1, 6].Select(id => (Step)new StartStep(id)),
        Gen.Int[1, 6].Select(id => (Step)new CompleteStep(id)),
        Gen.Select(Gen.Int[1, 6], Gen.Bool.Select(lost => lost ? FaultCode.DataLoss : FaultCode.NotFound), (id, code) => (Step)new FailStep(id, code)),
        Gen.Int[0, 7].Select(id => (Step)new ReleaseStep(id)),
        Gen.Frequency((1, Gen.Const<Step>(new EndStep())), (12, Gen.Int[1, 6].Select(id => (Step)new StartStep(id)))));

    [Fact]
    public void The_table_does_what_the_model_says() => Steps.Array[1, 40].Sample(steps => new Pair().Run(steps), iter: 20_000);

    private abstract record Step;

    private sealed record DefineStep(int Id, int[] Sources) : Step
    {
        public override string ToString() => $"define {Id} of [{string.Join(",", Sources)}]";
    }

    private sealed record StartStep(int Id) : Step;

    private sealed record CompleteStep(int Id) : Step;

    private sealed record FailStep(int Id, FaultCode Code) : Step;

    private sealed record ReleaseStep(int Id) : Step;

    private sealed record EndStep : Step;

    private sealed class Pair
    {
        private readonly TableUnderTest _table = new();
        private readonly ReferenceModel _model = new();
        private readonly Dictionary<int, long> _keys = [];
        private readonly Dictionary<int, ObjectReference> _values = [];

        public void Run(Step[] steps)
        {
            foreach (var step in steps)
            {
                if (step is EndStep)
                {
                    _table.Table.End();
                    _model.End();
                    Compare(hasEnded: true);
                    return;
                }

                Do(step);
                Compare(hasEnded: false);
            }
        }

        private void Do(Step step)
        {
            switch (step)
            {
                case DefineStep(var id, var sources):
                    Assert.Equal(_model.Define(id, sources), Refusal(() => _keys[id] = _table.Define(id, sources)));
                    break;
                case StartStep(var id) when StateOf(id) == ExportState.Queued:
                    _model.Start(id);
                    Assert.Equal(_model.Exports[id].Sources.Select(source => _values[source]), _table.Table.Start(_keys[id])!.Value.Select(value => value.Reference));
                    break;
                case StartStep(var id) when _keys.TryGetValue(id, out var key):
                    Assert.Null(_table.Table.Start(key));
                    break;
                case CompleteStep(var id) when StateOf(id) == ExportState.Running:
                    _model.Complete(id);
                    _values[id] = _table.Finish(_keys[id]).Reference;
                    break;
                case FailStep(var id, var code) when StateOf(id) == ExportState.Running:
                    _model.Fail(id, code);
                    _table.Table.Fail(_keys[id], new Fault(code, "no"));
                    break;
                case ReleaseStep(var id):
                    Assert.Equal(_model.Release(id), Refusal(() => _table.Table.Release(id)));
                    break;
            }
        }

        private ExportState? StateOf(int id) => _model.Exports.GetValueOrDefault(id)?.State;

        private void Compare(bool hasEnded)
        {
            foreach (var (id, export) in _model.Exports)
            {
                Assert.Equal(export.States, _table.StatesOf(id));
                if (!hasEnded)
                    Assert.Equal(export.State, _table.Table.StateOf(id));
                var answer = _keys.TryGetValue(id, out var key) ? _table.AnswerOf(key) : null;
                Assert.Equal(export.IsDefined && export.State >= ExportState.Exported, answer is not null);
                Assert.Equal(export.States.Contains((int)ExportState.Exported), answer is { Fault: null });
                if (export.State == ExportState.Failed || (export.State == ExportState.DependencyFailed && export.Fault is not null))
                    Assert.Equal(export.Fault, answer!.Fault!.Code);

                // Work that was running when it was given up still reads its sources; it is never heard of again here, so only exact otherwise.
                if (_values.TryGetValue(id, out var value) && !_model.Exports.Values.Any(WasStopped))
                    Assert.Equal(_model.IsNeeded(id) ? 0 : 1, _table.Released.Count(reference => reference == value));
            }

            if (!hasEnded)
            {
                Assert.Equal(_model.Exports.Values.Count(export => !export.State.IsTerminal()), _table.Table.LiveCount);
                Assert.Equal(_model.Exports.Values.Count(export => export.IsUnfinished), _table.Table.WaitingCount);
            }
        }

        private static bool WasStopped(ReferenceModel.Export export) =>
            export.State == ExportState.Cancelled && export.States.Contains((int)ExportState.Running);

        private static FaultCode? Refusal(Action action)
        {
            try
            {
                action();
                return null;
            }
            catch (FaultException refused)
            {
                return refused.Fault.Code;
            }
        }
    }
}
