-- One row per two records that a score brought into one pupil and whose own score is below the bar to stay.
SELECT least(x.n, y.n) AS a, greatest(x.n, y.n) AS b, 'below_stay' AS reason
FROM stay_score
JOIN spoken AS x ON x.id = stay_score.unique_id_l
JOIN spoken AS y ON y.id = stay_score.unique_id_r
GROUP BY least(x.n, y.n), greatest(x.n, y.n)
HAVING max(stay_score.match_weight) < (SELECT bar_stay FROM setting)
