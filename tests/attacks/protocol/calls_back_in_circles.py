# /// attack
# answer = "prequential"
# says = "reverse calls inside one another"
# ///
"""Let the test call the learner, who calls the test, who calls the learner."""


class Circle:
    def __init__(self, model):
        self.model = model

    def __len__(self):
        return len(self.model.predict_proba(Circle(self.model)))


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    model = make_model()
    return model.predict_proba(Circle(model))
